// The sealed messages of docs/sealing.md by npm's @hpke/core and node's own HKDF and AES-GCM: one JSON command a line on standard
// input, one JSON answer a line on standard output. Bytes are hex.
import { createDecipheriv, createCipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { Aes256Gcm, CipherSuite, DhkemP384HkdfSha384, HkdfSha384 } from '@hpke/core';

const chunkBytes = 65536;
const tagBytes = 16;
const suite = new CipherSuite({ kem: new DhkemP384HkdfSha384(), kdf: new HkdfSha384(), aead: new Aes256Gcm() });
const encoder = new TextEncoder();
const bytes = (hex) => new Uint8Array(Buffer.from(hex, 'hex'));
const hex = (buffer) => Buffer.from(buffer).toString('hex');
let pair; // of an enclave that this program plays
let answerSecret; // of the last request, sealed or opened

const commands = {
  async key() {
    pair = await suite.kem.generateKeyPair();
    return { point: hex(await suite.kem.serializePublicKey(pair.publicKey)) };
  },

  async seal({ point, info, message }) {
    const recipientPublicKey = await suite.kem.deserializePublicKey(bytes(point));
    const context = await suite.createSenderContext({ recipientPublicKey, info: bytes(info) });
    const boxes = [];
    for (const { part, isLast } of cut(bytes(message), chunkBytes)) boxes.push(Buffer.from(await context.seal(part, bound(0, isLast))));
    answerSecret = await secretOf(context, context.enc);
    return { encapsulated: hex(context.enc), boxes: hex(Buffer.concat(boxes)) };
  },

  async open({ encapsulated, info, boxes }) {
    const enc = bytes(encapsulated);
    const context = await suite.createRecipientContext({ recipientKey: pair, enc, info: bytes(info) });
    const parts = [];
    for (const { part, isLast } of cut(bytes(boxes), chunkBytes + tagBytes)) parts.push(Buffer.from(await context.open(part, bound(0, isLast))));
    answerSecret = await secretOf(context, enc);
    return { message: hex(Buffer.concat(parts)) };
  },

  sealAnswer({ kind, message }) {
    const nonce = randomBytes(32);
    const boxes = cut(bytes(message), chunkBytes).map(({ part, isLast }, sequence) => {
      const { key, iv } = keysOf(nonce, sequence);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(bound(kind, isLast));
      return Buffer.concat([cipher.update(part), cipher.final(), cipher.getAuthTag()]);
    });
    return { nonce: hex(nonce), boxes: hex(Buffer.concat(boxes)) };
  },

  openAnswer({ kind, nonce, boxes }) {
    const parts = cut(bytes(boxes), chunkBytes + tagBytes).map(({ part, isLast }, sequence) => {
      const { key, iv } = keysOf(bytes(nonce), sequence);
      const decipher = createDecipheriv('aes-256-gcm', key, iv).setAAD(bound(kind, isLast)).setAuthTag(part.subarray(-tagBytes));
      return Buffer.concat([decipher.update(part.subarray(0, -tagBytes)), decipher.final()]);
    });
    return { message: hex(Buffer.concat(parts)) };
  },
};

function cut(all, size) {
  const count = Math.max(1, Math.ceil(all.length / size));
  return Array.from({ length: count }, (_, i) => ({ part: all.subarray(i * size, (i + 1) * size), isLast: i === count - 1 }));
}

function bound(kind, isLast) {
  return Uint8Array.of(kind, isLast ? 1 : 0);
}

async function secretOf(context, enc) {
  return { enc: Buffer.from(enc), secret: Buffer.from(await context.export(encoder.encode('init sealed answer v1'), 48)) };
}

// HKDF with SHA-384: salt is the encapsulated key and the answer's nonce.
function keysOf(nonce, sequence) {
  const expand = (info, length) =>
    Buffer.from(hkdfSync('sha384', answerSecret.secret, Buffer.concat([answerSecret.enc, nonce]), encoder.encode(info), length));
  const iv = expand('nonce', 12);
  iv.writeUInt32BE((iv.readUInt32BE(8) ^ sequence) >>> 0, 8);
  return { key: expand('key', 32), iv };
}

for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...given } = JSON.parse(line);
  try {
    console.log(JSON.stringify(await commands[command](given)));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error?.message ?? error) }));
  }
}
