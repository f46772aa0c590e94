using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Init.Linux.Tests;

/// <summary>Sizes and offsets as the runtime has laid them out, which is what the kernel gets to see.</summary>
internal static class Layout
{
    public static int SizeOf(Type type) => type.IsPointer
        ? IntPtr.Size
        : (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    public static int OffsetOf(FieldInfo field)
    {
        // The distance between the field of a local variable and the variable.
        var method = new DynamicMethod("offset", typeof(long), null, field.DeclaringType!.Module, skipVisibility: true);
        ILGenerator il = method.GetILGenerator();
        LocalBuilder local = il.DeclareLocal(field.DeclaringType);
        il.Emit(OpCodes.Ldloca, local);
        il.Emit(OpCodes.Ldflda, field);
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Ldloca, local);
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Ret);
        return (int)(long)method.Invoke(null, null)!;
    }
}
