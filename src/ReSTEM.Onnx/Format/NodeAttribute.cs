using System.Text;

namespace ReSTEM.Onnx;

/// <summary>An attribute of a node.</summary>
internal readonly struct NodeAttribute
{
    private const int FloatKind = 1, IntegerKind = 2, TextKind = 3;

    private readonly string _name;
    private readonly object _value;

    private NodeAttribute(string name, object value) => (_name, _value) = (name, value);

    internal static NodeAttribute Of(string name, float value) => new(name, value);

    internal static NodeAttribute Of(string name, long value) => new(name, value);

    internal static NodeAttribute Of(string name, string value) => new(name, value);

    internal ProtoMessage ToMessage()
    {
        var message = new ProtoMessage().Add(1, _name);
        return _value switch
        {
            float number => message.Add(2, number).Add(20, FloatKind),
            long number => message.Add(3, number).Add(20, IntegerKind),
            _ => message.Add(4, Encoding.UTF8.GetBytes((string)_value)).Add(20, TextKind),
        };
    }
}
