namespace ReSTEM.Core;

/// <summary>Who is at work, the one that counts first.</summary>
internal enum Activity
{
    Engine,
    Verification,
    Ledger,
}
