using System.Globalization;
using System.Numerics;
using Oracle = System.Formats.Cbor;

namespace Init.Wire.Tests;

/// <summary>The codec against <c>System.Formats.Cbor</c>, over random documents and what becomes of them when bytes change.</summary>
/// <remarks>
/// The oracle's modes are RFC 7049's and CTAP2's, so each is compared where it says the same as ours:
/// <list type="bullet">
/// <item>Deterministic with Ctap2Canonical, whose order of keys (type, length, bytes) is RFC 8949's bytewise order for keys that are
/// integers or strings. It refuses tags, and leaves floating-point numbers as they are.</item>
/// <item>WellFormed with Strict. It takes two encodings of one key for different keys, and allows keys of any type.</item>
/// </list>
/// </remarks>
public sealed class OracleTests
{
    private const int Documents = 4_000;

    [Fact]
    public void What_is_deterministic_is_what_the_oracle_calls_canonical() =>
        Compare(CborRules.Deterministic, Oracle.CborConformanceMode.Ctap2Canonical);

    [Fact]
    public void What_is_well_formed_is_what_the_oracle_calls_strict() =>
        Compare(CborRules.WellFormed, Oracle.CborConformanceMode.Strict);

    private static void Compare(CborRules rules, Oracle.CborConformanceMode mode)
    {
        int accepted = 0;
        int refused = 0;
        for (int seed = 0; seed < Documents; seed++)
        {
            Random random = new(seed);
            byte[] document = RandomCbor.Document(random, isDeterministic: rules == CborRules.Deterministic);
            for (int change = 0; change < 4; change++)
            {
                string? ours = Try(() => Diagnostic.Of(document, rules));
                OracleWalk walk = new(document, mode);
                if (!walk.Differs)
                {
                    Assert.True(walk.Result == ours, $"{Convert.ToHexStringLower(document)}: the oracle says {walk.Result ?? "no"}, we say {ours ?? "no"}");
                    _ = ours is null ? refused++ : accepted++;
                }

                document = RandomCbor.Mutate(document, random);
            }
        }

        Assert.True(accepted > Documents / 2 && refused > Documents / 2, $"{accepted} accepted, {refused} refused");
    }

    private static string? Try(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (WireException)
        {
            return null;
        }
    }

    /// <summary>A document in diagnostic notation as the oracle reads it, or null, or whether it differs from us on purpose.</summary>
    private sealed class OracleWalk
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

        /// <summary>Whether something was met that the rules treat differently, as the type's remarks say.</summary>
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
}
