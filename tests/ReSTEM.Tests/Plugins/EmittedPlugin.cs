using System.Reflection;
using System.Reflection.Emit;
using ReSTEM.Core;

namespace ReSTEM.Tests;

/// <summary>Assemblies of engines that no compiler would make: of another contract, without an engine, with two.</summary>
internal static class EmittedPlugin
{
    private const MethodAttributes Implements = MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig | MethodAttributes.NewSlot;

    /// <summary>Writes an assembly of an engine that <see cref="FakeCheckout.Kind"/> names.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="define">Its types.</param>
    internal static void Write(string folder, Action<ModuleBuilder> define)
    {
        var assembly = Assembly("ReSTEM.Torch");
        define(assembly.DefineDynamicModule("ReSTEM.Torch"));
        assembly.Save(Path.Combine(folder, "ReSTEM.Torch.dll"));
    }

    /// <summary>A public class that implements the port of plugins; none of its members can be called.</summary>
    /// <param name="module">Where.</param>
    /// <param name="name">Its name.</param>
    /// <param name="constructor">What the constructor does, which takes the folder; null for one that takes nothing.</param>
    internal static void DefinePlugin(ModuleBuilder module, string name, Action<ILGenerator>? constructor)
    {
        TypeBuilder type = module.DefineType(name, TypeAttributes.Public | TypeAttributes.Class, typeof(object), [typeof(IEnginePlugin)]);
        ILGenerator code = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, constructor is null ? [] : [typeof(string)]).GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Call, typeof(object).GetConstructor([])!);
        constructor?.Invoke(code);
        code.Emit(OpCodes.Ret);
        foreach (MethodInfo method in typeof(IEnginePlugin).GetMethods())
        {
            ILGenerator body = type.DefineMethod(
                method.Name, Implements | (method.Attributes & MethodAttributes.SpecialName), method.ReturnType, [.. method.GetParameters().Select(parameter => parameter.ParameterType)]).GetILGenerator();
            body.Emit(OpCodes.Ldnull);
            body.Emit(OpCodes.Throw);
        }

        type.CreateType();
    }

    /// <summary>A class over one that an assembly had when this engine was built, and has no longer.</summary>
    /// <param name="module">Where.</param>
    /// <param name="assembly">The assembly.</param>
    internal static void DefineOverFormer(ModuleBuilder module, string assembly)
    {
        TypeBuilder former = Assembly(assembly).DefineDynamicModule(assembly).DefineType("ReSTEM.Core.FormerContract", TypeAttributes.Public | TypeAttributes.Class);
        former.DefineDefaultConstructor(MethodAttributes.Public);
        module.DefineType("Plugin", TypeAttributes.Public | TypeAttributes.Class, former.CreateType()).CreateType();
    }

    /// <summary>Throws what the caller makes of a text.</summary>
    internal static void Throw<T>(ILGenerator code, string message)
        where T : Exception
    {
        code.Emit(OpCodes.Ldstr, message);
        code.Emit(OpCodes.Newobj, typeof(T).GetConstructor([typeof(string)])!);
        code.Emit(OpCodes.Throw);
    }

    private static PersistedAssemblyBuilder Assembly(string name) => new(new AssemblyName(name), typeof(object).Assembly);
}
