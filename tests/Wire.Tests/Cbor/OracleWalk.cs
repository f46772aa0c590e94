using System.Globalization;
using System.Numerics;
using Oracle = System.Formats.Cbor;

namespace Init.Wire.Tests;

/// <summary>A document in diagnostic notation as the oracle reads it, or null, or whether it differs from us on purpose.</summary>
internal sealed class OracleWalk
{
    private readonly Oracle.CborReader _reader;
    private readonly bool _isStrict;
    private int _items;

    public OracleWalk(byte[] document, Oracle.CborConformanceMode mode)
    {
        _isStrict = mode == Oracle.CborConformanceMode.Strict;
        _reader = new Oracle.CborReader(document, mode);
        try
        {
            string text = Item(depth: 0);
            Result = _reader.BytesRemaining == 0 ? text : null;
        }
        catch (Oracle.CborContentException)
        {
        }
        catch (InvalidOperationException)
        {
            // What the oracle throws where a data item should be and is not.
        }
    }

    public string? Result { get; }

    /// <summary>Whether something was met that the rules treat differently, as OracleTests' remarks say.</summary>
    public bool Differs { get; private set; }

    private string Item(int depth)
    {
        Differs |= depth > WireLimits.MaxCborDepth || ++_items > WireLimits.MaxCborItems;
        switch (_reader.PeekState())
        {
            case Oracle.CborReaderState.UnsignedInteger:
                return _reader.ReadUInt64().ToString(CultureInfo.InvariantCulture);
            case Oracle.CborReaderState.NegativeInteger:
                return (BigInteger.MinusOne - _reader.ReadCborNegativeIntegerRepresentation()).ToString(CultureInfo.InvariantCulture);
            case Oracle.CborReaderState.ByteString:
                return $"h'{Convert.ToHexStringLower(_reader.ReadByteString())}'";
            case Oracle.CborReaderState.TextString:
                return Quoted(_reader.ReadTextString());
            case Oracle.CborReaderState.StartIndefiniteLengthByteString:
                return Chunks(_reader.ReadStartIndefiniteLengthByteString, _reader.ReadEndIndefiniteLengthByteString, depth);
            case Oracle.CborReaderState.StartIndefiniteLengthTextString:
                return Chunks(_reader.ReadStartIndefiniteLengthTextString, _reader.ReadEndIndefiniteLengthTextString, depth);
            case Oracle.CborReaderState.StartArray:
                return Array(depth);
            case Oracle.CborReaderState.StartMap:
                return Map(depth);
            case Oracle.CborReaderState.Tag:
                return Tagged(depth);
            case Oracle.CborReaderState.Boolean:
                return _reader.ReadBoolean() ? "true" : "false";
            case Oracle.CborReaderState.Null:
                _reader.ReadNull();
                return "null";
            case Oracle.CborReaderState.SimpleValue:
                byte simple = (byte)_reader.ReadSimpleValue();
                return simple == 23 ? "undefined" : $"simple({simple})";
            case Oracle.CborReaderState.HalfPrecisionFloat or Oracle.CborReaderState.SinglePrecisionFloat or Oracle.CborReaderState.DoublePrecisionFloat:
                Differs |= !_isStrict;
                return _reader.ReadDouble().ToString("R", CultureInfo.InvariantCulture) + "f";
            default:
                throw new Oracle.CborContentException("no data item");
        }
    }

    private string Array(int depth)
    {
        int? count = _reader.ReadStartArray();
        List<string> items = [];
        while (_reader.PeekState() != Oracle.CborReaderState.EndArray)
        {
            items.Add(Item(depth + 1));
        }

        _reader.ReadEndArray();
        Differs |= depth >= WireLimits.MaxCborDepth;
        return $"[{(count is null ? "_ " : "")}{string.Join(", ", items)}]";
    }

    private string Map(int depth)
    {
        int? count = _reader.ReadStartMap();
        List<string> pairs = [];
        HashSet<string> keys = [];
        while (_reader.PeekState() != Oracle.CborReaderState.EndMap)
        {
            Differs |= _reader.PeekState() is not (Oracle.CborReaderState.UnsignedInteger or Oracle.CborReaderState.NegativeInteger
                or Oracle.CborReaderState.ByteString or Oracle.CborReaderState.TextString);
            string key = Item(depth + 1);
            Differs |= !keys.Add(key) || keys.Count > WireLimits.MaxForeignMapKeys || key.Length > WireLimits.MaxForeignKeyBytes;
            pairs.Add($"{key}: {Item(depth + 1)}");
        }

        _reader.ReadEndMap();
        Differs |= depth >= WireLimits.MaxCborDepth;
        return $"{{{(count is null ? "_ " : "")}{string.Join(", ", pairs)}}}";
    }

    private string Chunks(Action start, Action end, int depth)
    {
        start();
        List<string> chunks = [];
        while (_reader.PeekState() is Oracle.CborReaderState.ByteString or Oracle.CborReaderState.TextString)
        {
            chunks.Add(Item(depth));
        }

        end();
        return $"(_ {string.Join(", ", chunks)})";
    }

    private string Tagged(int depth)
    {
        Differs |= !_isStrict || depth >= WireLimits.MaxCborDepth;
        ulong tag = (ulong)_reader.ReadTag();
        Differs |= tag is 2 or 3;
        return $"{tag}({Item(depth + 1)})";
    }

    private static string Quoted(string text) =>
        Diagnostic.Of(CborWriter.ToArray((ref CborWriter writer) => writer.WriteText(text)), CborRules.Deterministic);
}
