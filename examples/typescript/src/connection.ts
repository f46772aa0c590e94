// Frames on a stream, and messages in them: docs/wire-protocol.md. One request at a time, which is enough for an example.
import { createConnection, type Socket } from 'node:net';
import { type Cbor, type CborMap, concat, decode, encode } from './cbor.js';
import { seal } from './sealing.js';

export const operations = { attest: 3, prove: 5, sealed: 11 } as const;
const kinds = { request: 0, reply: 1, progress: 2, error: 3 } as const;
const payloadBytes = 256 * 1024;

export class Connection {
  private received: Uint8Array = new Uint8Array();
  private lastId = 0;

  private constructor(private readonly socket: Socket) {}

  /** @param address `unix:PATH`, or `simulator:PATH[:PORT]` as `enclave run` offers. (Node has no vsock: a program on the parent carries the bytes.) */
  static async open(address: string): Promise<Connection> {
    const [scheme, path, port] = address.split(':');
    if ((scheme !== 'unix' && scheme !== 'simulator') || !path) throw new Error(`address ${address}: neither unix:PATH nor simulator:PATH[:PORT]`);
    const socket = createConnection(path);
    const connection = new Connection(socket);
    if (scheme === 'simulator') {
      socket.write(`CONNECT ${port ?? 5000}\n`);
      const answer = Buffer.from(await connection.until((bytes) => bytes.indexOf(10) + 1)).toString();
      if (!answer.startsWith('OK ')) throw new Error(`connect to ${address}: ${answer.trim()}`);
    }
    return connection;
  }

  close(): void {
    this.socket.destroy();
  }

  async attest(nonce: Uint8Array): Promise<Uint8Array> {
    const { kind, message } = await this.exchange(encode([operations.attest, 0, new Map([[1, nonce]])]));
    return resultOf(kind, message, operations.attest).get(1) as Uint8Array;
  }

  /** Seals a request to an attested key and opens its answer. */
  async callSealed(publicKey: Uint8Array, operation: number, deadlineMs: number, args: CborMap): Promise<CborMap> {
    const call = await seal(publicKey, operation, encode([operation, deadlineMs, args]));
    const fields: CborMap = new Map<number, Cbor>([[1, call.keyId], [2, operation], [3, call.encapsulated], [5, call.boxes]]);
    const { kind, message } = await this.exchange(encode([operations.sealed, 0, fields]));
    const answer = resultOf(kind, message, operations.sealed); // an error here is the parent's word: it did not open, or was busy
    const sealedKind = answer.get(1) as number;
    return resultOf(sealedKind, call.open(sealedKind, answer.get(2) as Uint8Array, answer.get(3) as Uint8Array), operation);
  }

  private async exchange(message: Uint8Array): Promise<{ kind: number; message: Uint8Array }> {
    const id = ++this.lastId;
    for (let at = 0; at < message.length; at += payloadBytes) {
      const more = at + payloadBytes < message.length;
      this.socket.write(frame(encode([id, kinds.request, more, message.subarray(at, at + payloadBytes)])));
    }
    const parts: Uint8Array[] = [];
    for (;;) {
      const [answered, kind, more, payload] = await this.readFrame();
      if (answered === 0) throw new Error(`connection: ${(decode(payload) as Cbor[])[1]}`);
      if (answered !== id || kind === kinds.progress) continue;
      parts.push(payload);
      if (!more) return { kind, message: concat(...parts) };
    }
  }

  private async readFrame(): Promise<[id: number, kind: number, more: boolean, payload: Uint8Array]> {
    const header = Buffer.from(await this.until((bytes) => (bytes.length >= 8 ? 8 : 0)));
    const length = header.readUInt32BE(0);
    if (length < 1 || length > 1_048_576) throw new Error(`frame: ${length} bytes`);
    const body = await this.until((bytes) => (bytes.length >= length ? length : 0));
    if (crc32c(body) !== header.readUInt32BE(4)) throw new Error('frame: the CRC-32C differs');
    return decode(body) as [number, number, boolean, Uint8Array];
  }

  /** Waits until as many bytes are there as `needed` says (0: not yet), and takes them. */
  private async until(needed: (bytes: Uint8Array) => number): Promise<Uint8Array> {
    while (needed(this.received) === 0) this.received = concat(this.received, await this.more());
    const count = needed(this.received);
    const taken = this.received.slice(0, count);
    this.received = this.received.slice(count);
    return taken;
  }

  private more(): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const chunk = this.socket.read() as Buffer | null;
      if (chunk) return resolve(chunk);
      const done = (action: () => void) => () => {
        for (const event of ['readable', 'end', 'error'] as const) this.socket.removeAllListeners(event);
        action();
      };
      this.socket.once('readable', done(() => resolve(this.more())));
      this.socket.once('end', done(() => reject(new Error('connection: closed by the peer'))));
      this.socket.once('error', (error) => done(() => reject(error))());
    });
  }
}

function resultOf(kind: number, message: Uint8Array, operation: number): CborMap {
  const items = decode(message) as Cbor[];
  if (kind === kinds.error) throw new Error(`enclave: error ${items[0]}: ${items[1]}`);
  if (kind !== kinds.reply || items[0] !== operation) throw new Error('enclave: an answer to another question');
  return items[1] as CborMap;
}

function frame(body: Uint8Array): Uint8Array {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(body.length, 0);
  header.writeUInt32BE(crc32c(body), 4);
  return concat(header, body);
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc >>> 0;
});

function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
