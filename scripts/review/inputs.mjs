// Every input from outside, who sends it, what reads it, its limits, and the tests that throw rubbish at it.
import { constants } from './constants.mjs';
import { head, number, table } from './markdown.mjs';

const inputs = [
  {
    what: 'the kernel\'s command line', from: 'the image (measured), and what the hypervisor appends', reader: 'src/Init/Configuration',
    limits: [['bytes that the kernel keeps', 'Eif/KernelCommandLine.MaxBytes']], tests: ['KernelCommandLineTests', 'SettingsTableTests'],
  },
  {
    what: 'the heartbeat\'s answer', from: 'the parent', reader: 'src/Init/Boot/Heartbeat.cs', words: 'one byte, four attempts, 5 s', limits: [], tests: ['HeartbeatTests'],
  },
  {
    what: 'frames', from: 'whoever connects', reader: 'src/Wire/Frames/FrameReader.cs, src/Init/Server/Connection.Reading.cs',
    limits: [['body, bytes', 'Wire/WireLimits.MaxFrameBodyBytes'], ['envelope, bytes', 'Wire/WireLimits.MaxEnvelopeBytes']], tests: ['FrameReaderTests', 'FramingTests'],
  },
  {
    what: 'messages', from: 'whoever connects', reader: 'src/Wire/Messages',
    limits: [['bytes', 'Wire/WireLimits.MaxMessageBytes'], ['CBOR depth', 'Wire/WireLimits.MaxCborDepth'], ['CBOR items', 'Wire/WireLimits.MaxCborItems'],
      ['nonce, bytes', 'Wire/WireLimits.MaxNonceBytes'], ['user data, bytes', 'Wire/WireLimits.MaxUserDataBytes'], ['deadline, ms', 'Wire/WireLimits.MaxDeadlineMs'],
      ['deadline of a proof, ms', 'Wire/WireLimits.MaxProveDeadlineMs']],
    tests: ['FuzzTests', 'CddlTests', 'MessageRuleTests'],
  },
  {
    what: 'sealed requests', from: 'whoever has the attested key', reader: 'src/Sealing, src/Init/Handlers/SealedRequests.cs',
    limits: [['bytes', 'Wire/WireLimits.MaxMessageBytes'], ['associated data, bytes', 'Wire/WireLimits.MaxAssociatedDataBytes'],
    ],
    tests: ['SealedRequestTests', 'KeyRingTests', 'SealedOperationTests'],
  },
  {
    what: 'circuits (ACIR, gzip)', from: 'authors of circuits', reader: 'src/Prover/Gzip, then the sandbox',
    limits: [['unpacked, bytes', 'Prover/Circuit.MaxBytecodeBytes']], tests: ['GzipFuzzTests', 'MutationTests'],
  },
  {
    what: 'witnesses (gzip)', from: 'callers', reader: 'src/Prover/Gzip, then the sandbox',
    limits: [['unpacked, bytes', 'Prover/Barretenberg/BarretenbergProver.MaxWitnessBytes']], tests: ['GzipDecoderTests', 'MutationTests'],
  },
  {
    what: 'keys and proofs', from: 'callers', reader: 'src/Prover/Barretenberg, then the sandbox',
    limits: [['bytes', 'Prover/Barretenberg/Field.MaxProofBytes']], tests: ['MutationTests', 'TinyTests'],
  },
  {
    what: 'answers of the sandbox (MessagePack)', from: 'Barretenberg, which a circuit may have taken over', reader: 'src/Prover/MessagePack, src/Prover/Native/SandboxInstance.cs',
    limits: [['bytes', 'Prover/Native/SandboxInstance.MaxReplyBytes'], ['depth', 'Prover/MessagePack/MessagePackValidator.MaxDepth'],
      ['keys of a map', 'Prover/MessagePack/MessagePackValidator.MaxMapKeys']],
    tests: ['MessagePackFuzzTests', 'host_test.c'],
  },
  {
    what: 'answers of the NSM (CBOR)', from: 'the hypervisor', reader: 'src/Nsm', limits: [['bytes', 'Linux/NsmIoctl.MaxResponseBytes']],
    tests: ['NsmReplyFuzzTests', 'NsmReplyTests'],
  },
  {
    what: 'the reference string (/crs)', from: 'the image (measured, and pinned by digest)', reader: 'src/Prover/Crs',
    limits: [['points loaded', 'Prover/Crs/CrsFolder.MaxLoadedPoints'], ['points in a file', 'Prover/Crs/CrsFolder.MaxFilePoints']], tests: ['CrsFolderTests', 'CurveTests'],
  },
  {
    what: 'proc and sys', from: 'the kernel', reader: 'src/Linux/MemoryStatus.cs, src/Init/Entropy', limits: [], words: 'few kilobytes, of one file each',
    tests: ['EntropySeedTests', 'MemoryTests'],
  },
  {
    what: 'attestation documents', from: 'the parent, as the enclave\'s', reader: 'src/Attestation (outside of the enclave)',
    limits: [['bytes', 'Attestation/AttestationLimits.MaxDocumentBytes'], ['certificates', 'Attestation/AttestationLimits.MaxBundleCertificates'],
      ['bytes of a certificate', 'Attestation/AttestationLimits.MaxCertificateBytes']],
    tests: ['RealDocumentTests', 'ChainTests', 'EnvelopeTests'],
  },
  {
    what: 'image files', from: 'whoever made them', reader: 'src/Eif (outside of the enclave)',
    limits: [['sections', 'Eif/EifFormat.MaxSections'], ['command line, bytes', 'Eif/EifReader.MaxCommandLineBytes'], ['metadata, bytes', 'Eif/EifReader.MaxMetadataBytes'],
      ['files in the ramdisk', 'Eif/Ramdisk/RamdiskReader.MaxEntries']],
    tests: ['EifFuzzTests', 'EifReaderTests', 'RamdiskReaderTests'],
  },
];

export function inputsPage(root) {
  const constant = constants(root);
  const limits = ({ words, limits: named }) => [...named.map(([what, reference]) => `${what}: ${number(constant(reference))} (\`${reference.split('/').at(-1)}\`)`), ...(words ? [words] : [])].join('; ');
  const text = head('Every input from outside', 'the constants in `src`', 'less docs/wire-protocol.md docs/server.md    # deadlines and caps: the server\'s table') +
    'Each is read under a limit that stands before anything is allocated, and what is malformed ends in one typed error. Deadlines of frames, messages ' +
    'and replies, and the caps on connections and bytes, are the table in [docs/server.md](../server.md), which a test compares with the code. What ' +
    'fuzzers found is in [fuzz/RESULTS.md](../../fuzz/RESULTS.md).\n\n' +
    table(['input', 'from', 'read by', 'limits', 'tests'], inputs.map((input) => [input.what, input.from, input.reader, limits(input), input.tests.map((test) => `\`${test}\``).join(', ')]));
  return { name: 'inputs.md', text: text.trimEnd() + '\n' };
}
