// Every target: what it is built from, and libFuzzer's options for it. The most dangerous come first: that is the order they run in.
//
// native: C under AddressSanitizer and UndefinedBehaviorSanitizer. managed: fuzz/managed, C# with SharpFuzz's coverage.
// maxBytes: the longest input that makes sense. timeoutSeconds: for one input by the wall clock, on a machine that others use.
// keepBytes: how much of its corpus is committed, besides its seeds where it keeps them (keepsSeeds).
const managed = (name, maxBytes, more = {}) => ({ name, maxBytes, keepBytes: 48_000, timeoutSeconds: 25, ...more });
const native = (name, maxBytes, more = {}) => ({ name, isNative: true, maxBytes, keepBytes: 48_000, timeoutSeconds: 120, ...more });

export const targets = [
  native('msm', 2048, { flags: ['-len_control=0'] }),
  native('host', 512, { flags: ['-len_control=0'] }),
  native('bbapi', 24576, { flags: ['-len_control=0'], keepBytes: 160_000, keepsSeeds: true }),
  managed('frames', 4096),
  managed('messages', 4096),
  managed('sealed', 64),
  managed('answers', 128),
  managed('server', 192),
  managed('cbor', 1024),
  managed('attestation', 8192, { keepBytes: 96_000, keepsSeeds: true }),
  managed('certificate', 1500),
  managed('replies', 4096),
  managed('gzip', 4096),
  native('msm-real', 2048, { flags: ['-len_control=0'] }),
  native('arithmetic', 8192, { flags: ['-len_control=0'] }),
  managed('nsm', 8192),
  managed('messagepack', 1024),
  managed('noir', 4096),
  managed('point', 160),
  managed('settings', 2048),
  managed('commandline', 2048),
  managed('eif', 8192, { keepBytes: 96_000 }),
  managed('ramdisk', 4096),
  managed('crs', 64),
  managed('address', 128),
];
