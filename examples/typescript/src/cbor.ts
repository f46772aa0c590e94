// CBOR (RFC 8949) as far as the enclave uses it: integers, byte strings, text, arrays, maps, booleans, null, tags (skipped).

export type Cbor = number | bigint | boolean | null | string | Uint8Array | Cbor[] | CborMap;
export type CborMap = Map<number | string, Cbor>;

/** Encodes deterministically (section 4.2.1). Keys of maps must be given in ascending order. */
export function encode(value: Cbor): Uint8Array {
  if (value === null) return Uint8Array.of(0xf6);
  if (typeof value === 'boolean') return Uint8Array.of(value ? 0xf5 : 0xf4);
  if (typeof value === 'number' || typeof value === 'bigint') return head(0, BigInt(value));
  if (typeof value === 'string') return concat(head(3, BigInt(Buffer.byteLength(value))), Buffer.from(value));
  if (value instanceof Uint8Array) return concat(head(2, BigInt(value.length)), value);
  if (Array.isArray(value)) return concat(head(4, BigInt(value.length)), ...value.map(encode));
  return concat(head(5, BigInt(value.size)), ...[...value].flatMap(([key, item]) => [encode(key), encode(item)]));
}

/** Decodes one data item that fills all of the bytes. */
export function decode(bytes: Uint8Array): Cbor {
  const reader = new Reader(bytes);
  const value = reader.read(0);
  if (reader.at !== bytes.length) throw new Error('CBOR: bytes behind the item');
  return value;
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function head(major: number, argument: bigint): Uint8Array {
  const first = major << 5;
  if (argument < 0n) throw new Error('CBOR: negative');
  if (argument < 24n) return Uint8Array.of(first | Number(argument));
  const [info, length] = argument < 0x100n ? [24, 1] : argument < 0x10000n ? [25, 2] : argument < 0x100000000n ? [26, 4] : [27, 8];
  const bytes = new Uint8Array(1 + length);
  bytes[0] = first | info;
  for (let i = 0; i < length; i++) bytes[length - i] = Number((argument >> BigInt(8 * i)) & 0xffn);
  return bytes;
}

class Reader {
  at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  read(depth: number): Cbor {
    if (depth > 16) throw new Error('CBOR: too deep');
    const first = this.take(1)[0]!;
    const major = first >> 5;
    const info = first & 31;
    if (major === 7) return this.simple(info);
    if (info === 31) return this.indefinite(major, depth);
    const argument = this.argument(info);
    const count = Number(argument);
    switch (major) {
      case 0: return count <= Number.MAX_SAFE_INTEGER ? count : argument;
      case 1: return -1 - count;
      case 2: return this.take(count).slice();
      case 3: return Buffer.from(this.take(count)).toString('utf8');
      case 4: return Array.from({ length: this.bounded(count) }, () => this.read(depth + 1));
      case 5: {
        const map: CborMap = new Map();
        for (let i = this.bounded(count); i > 0; i--) this.pair(map, depth);
        return map;
      }
      default: return this.read(depth + 1); // a tag, which the enclave's documents may have in front
    }
  }

  // Attestation documents have maps of indefinite length since 2025.
  private indefinite(major: number, depth: number): Cbor {
    if (major !== 5) throw new Error('CBOR: indefinite length');
    const map: CborMap = new Map();
    while (this.bytes[this.at] !== 0xff) this.pair(map, depth);
    this.at++;
    return map;
  }

  private pair(map: CborMap, depth: number): void {
    const key = this.read(depth + 1);
    if ((typeof key !== 'number' && typeof key !== 'string') || map.has(key)) throw new Error('CBOR: a key of a map');
    map.set(key, this.read(depth + 1));
  }

  private simple(info: number): Cbor {
    if (info === 20 || info === 21) return info === 21;
    if (info === 22) return null;
    throw new Error(`CBOR: simple value ${info}`);
  }

  private argument(info: number): bigint {
    if (info < 24) return BigInt(info);
    if (info > 27) throw new Error('CBOR: reserved length');
    return this.take(1 << (info - 24)).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  }

  private bounded(count: number): number {
    if (count > this.bytes.length) throw new Error('CBOR: more items than bytes');
    return count;
  }

  private take(count: number): Uint8Array {
    if (count > this.bytes.length - this.at) throw new Error('CBOR: cut off');
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }
}
