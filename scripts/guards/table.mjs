// The guards that a reviewer would take away first. Each names the text that is the guard and the test that must fail without it.
//
// condition: `text` is an expression, `without` what stands in its place when the guard is gone. statement: `text` is left out.
// test: a part of the test's full name, in tests/PROJECT. process: the static executable has to be built with the guard taken away.
const condition = (name, file, text, without, project, test, more = {}) => ({ name, file, text, without, project, test, ...more });
const statement = (name, file, text, project, test, more = {}) => ({ name, file, text, project, test, ...more });
const server = 'src/Init/Server';
const process = { process: true };
const chain = 'src/Attestation/Certificates/CertificateChain.cs';
const extensions = 'src/Attestation/Certificates/CertificateExtensions.cs';
const verification = 'src/Attestation/Verification.cs';
const measurements = 'src/Attestation/Measurements.cs';
const cbor = 'src/Wire/Cbor/CborValidator.cs';
const messagePack = 'src/Prover/MessagePack/MessagePackValidator.cs';
const referenceString = 'src/Prover/Crs/CrsFolder.cs';

export const guards = [
  condition('a frame\'s checksum', 'src/Wire/Frames/FrameReader.cs', 'checksum != BinaryPrimitives.ReadUInt32BigEndian(buffer[sizeof(uint)..])', 'false', 'Init', 'FramingTests.A_wrong_checksum_ends_the_connection_with_an_error'),
  condition('an id in use', `${server}/Connection.Reading.cs`, 'request.Phase != RequestPhase.Refused', 'false', 'Init', 'FramingTests.An_id_in_use_ends_the_connection'),
  condition('kinds that only a server sends', `${server}/Connection.Reading.cs`, 'frame.Kind != FrameKind.Request || frame.Id == 0', 'false', 'Init', 'FramingTests.A_frame_that_only_a_server_sends_ends_the_connection'),
  condition('a message\'s length', `${server}/Connection.Reading.cs`, 'request.Bytes + count > _server.Settings.Limits.MessageBytes', 'false', 'Init', 'FramingTests.A_message_over_the_limit_is_refused_at_once'),
  condition('requests of one connection', `${server}/Connection.Reading.cs`, 'inFlight >= _server.Settings.Limits.ConnectionRequests', 'false', 'Init', 'CapTests.A_request_too_many_on_a_connection_is_busy_at_once'),
  condition('requests in all', `${server}/ServerLoad.cs`, 'Interlocked.Increment(ref _requests) <= settings.Limits.Requests', 'Interlocked.Increment(ref _requests) > 0', 'Init', 'CapTests.A_request_too_many_in_all_is_busy_at_once'),
  condition('bytes in all', `${server}/ServerLoad.cs`, 'Interlocked.Add(ref _bytes, count) <= (long)settings.Limits.BytesInFlight || evenAboveTheCap', 'Interlocked.Add(ref _bytes, count) != long.MinValue', 'Init', 'CapTests.Bytes_too_many_in_all_are_busy_at_once'),
  condition('connections', `${server}/EnclaveServer.cs`, '_connections.Count >= _server.Settings.Limits.Connections', 'false', 'Init', 'CapTests.A_connection_too_many_is_told_so_and_closed'),
  condition('the parent\'s CID', `${server}/Acceptor.cs`, 'connection.Peer.Cid is { } cid && cid != _parentCid', 'false', 'Init', 'CapTests.Only_the_parents_cid_is_served'),
  condition('answers that nobody reads', `${server}/Connection.Receiving.cs`, '_outbox.Count <= _server.Settings.QueuedAnswers', 'true', 'Init', 'CapTests.A_client_that_asks_and_does_not_read_is_not_read_either'),
  condition('a stream that ends inside something', `${server}/Connection.Receiving.cs`, 'cut is not null && IsReading', 'false', 'Init', 'LifeTests.A_stream_that_ends_inside_a_frame_or_message_is_malformed'),
  statement('the deadline of a frame', `${server}/Connection.Deadlines.cs`, 'Consider(ref next, _frameStartedAt, settings.StartedFrame, DeadlineKind.StartedFrame);', 'Init', 'DeadlineTests.A_header_and_then_silence_is_evicted'),
  statement('the deadline of a message', `${server}/Connection.Deadlines.cs`, 'Consider(ref next, request.LastFrameAt, settings.UnfinishedMessage, DeadlineKind.UnfinishedMessage);', 'Init', 'DeadlineTests.A_message_whose_next_frame_does_not_come_is_evicted'),
  statement('the deadline of an unread answer', `${server}/Connection.Deadlines.cs`, 'Consider(ref next, _stalledSince, settings.UnreadReply, DeadlineKind.UnreadReply);', 'Init', 'DeadlineTests.A_client_that_does_not_read_its_reply_is_evicted'),
  statement('blocks are cleared', `${server}/ClearingMemoryPool.cs`, 'block.AsSpan().Clear();', 'Init', 'ClearingMemoryPoolTests.A_block_that_comes_back_is_cleared'),
  statement('memory of frames is cleared', `${server}/FrameMemoryPool.cs`, 'piece.GetSpan()[..usedBytes].Clear();', 'Init', 'FrameMemoryPoolTests.Memory_that_is_kept_is_cleared'),
  condition('a bug tells nothing', 'src/Init/Handlers/RequestErrors.cs', '$"{exception.GetType().Name} in the enclave"', 'exception.ToString()', 'Init', 'OperationTests.A_bug_of_ours_is_internal_and_tells_nothing'),
  condition('what an exception quotes', 'src/Init/Failure/FailureReason.cs', 'exception.GetType().Name + PlaceOf(exception, imageBase)', 'exception.ToString()', 'Init', 'FailureReasonTests.Of_an_exception_that_may_quote'),
  condition('what the prover says', 'src/Init/Failure/FailureReason.cs', '$"{error} in the prover"', 'exception.Message', 'Init', 'FailureReasonTests.Of_an_exception_that_may_quote'),
  condition('a proof larger than the memory', 'src/Init/Proving/MemoryBudget.cs', '(bytes > limitBytes)', 'false', 'Init', 'ProofQueueTests.A_proof_larger_than_the_memory_is_refused'),
  condition('a stored circuit\'s size', 'src/Init/Proving/CircuitStore.cs', 'bytecodeGzip.Length > maxBytes', 'false', 'Init', 'CircuitStoreTests.Bytes_are_bounded_too'),
  condition('sealed requests only', 'src/Init/Handlers/SealedRequests.cs', 'isRequired && SealedRequest.MayHaveSecrets(operation)', 'false', 'Init', 'SealedOperationTests.Where_sealing_is_required_plain_requests'),
  condition('what was announced is inside', 'src/Init/Handlers/RequestRouter.cs', 'request.Operation != announced', 'false', 'Init', 'SealedOperationTests.A_request_that_is_not_what_was_announced_is_malformed'),
  condition('a word that was not measured', 'src/Init/Configuration/MeasuredCommandLine.cs', 'i >= expected.Count || words[i] != expected[i]', 'false', 'Init', 'MeasuredCommandLineTests.Any_other_word_is_refused'),
  condition('a word that the kernel reads differently', 'src/Init/Configuration/MeasuredCommandLine.cs', '!IsPlain(words[i])', 'false', 'Init', 'MeasuredCommandLineTests.Words_that_the_kernel_would_read_differently_are_refused'),
  condition('replays', 'src/Sealing/Keys/KeyRing.cs', '!entry.Opened.Add(mark)', 'false', 'Sealing', 'SealedRequestTests.A_request_is_accepted_once'),
  condition('a key\'s end', 'src/Sealing/Keys/KeyRing.cs', '_options.Lifetime + _options.Overlap', 'TimeSpan.FromDays(365)', 'Sealing', 'KeyRingTests.A_key_is_current_for_its_lifetime'),
  condition('a key that has opened all it may', 'src/Sealing/Keys/KeyRing.cs', 'entry.Opened.Count >= _options.MaxRequestsPerKey', 'false', 'Sealing', 'KeyRingTests.A_key_that_has_opened_all_it_may'),
  statement('what does not open is cleared', 'src/Sealing/Requests/SealedLayout.cs', 'CryptographicOperations.ZeroMemory(message);', 'Sealing', 'SealedRequestTests.A_request_that_was_cut_at_any_chunk'),
  statement('an erased secret seals nothing', 'src/Sealing/Requests/AnswerSecret.cs', 'ObjectDisposedException.ThrowIf(_isErased, this);', 'Sealing', 'SealedRequestTests.An_erased_secret_seals_and_opens_nothing'),
  condition('a point of the curve', 'src/Sealing/Hpke/HpkePublicKey.cs', 'point.Length != Suite.PublicKeyBytes || point[0] != Uncompressed', 'false', 'Sealing', 'HpkeTests.'),
  condition('the client demands an image', 'src/Client/EnclaveClient.cs', '!policy.AllowDebug && !policy.NamesImage', 'false', 'Init', 'EnclaveClientTests.A_policy_that_names_no_image_is_refused'),
  condition('the client seals what may be secret', 'src/Client/EnclaveClient.Calling.cs', 'trust is null && !_options.Insecure && SealedRequest.MayHaveSecrets(request.Operation)', 'false', 'Init', 'EnclaveClientTests.Without_a_policy_nothing_that_may_have_secrets_is_sent'),
  condition('the answer is to what was asked', 'src/Client/AnswerReader.cs', 'reply.Operation == expected', 'true', 'Client', 'EnclaveConnectionTests.'),
  condition('the nonce of a document', verification, 'nonce.Span.SequenceEqual(expected)', 'true', 'Init', 'ManInTheMiddleTests.A_document_of_another_enclave_of_the_same_image'),
  statement('no new privileges', 'src/Init/Hardening/Confinement.cs', 'ProcessLimits.ForbidNewPrivileges();', 'Init', 'ConfinementTests.No_thread_is_left_out', process),
  condition('capabilities', 'src/Init/Hardening/Confinement.cs', 'Privileges.KeepOnly(Kept)', 'ulong.MaxValue', 'Init', 'ConfinementTests.No_thread_is_left_out', process),
  statement('the filter', 'src/Init/Hardening/Confinement.cs', 'SystemCallFilter.Install(systemCalls);', 'Init', 'ConfinementTests.No_thread_is_left_out', process),
  condition('the filter on every thread', 'src/Linux/SystemCallFilter.cs', 'SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC', 'SECCOMP_SET_MODE_FILTER, 0u', 'Init', 'ConfinementTests.No_thread_is_left_out', { ...process, isArguments: true }),
  condition('no memory becomes executable', 'src/Init/Hardening/Confinement.cs', 'ProcessLimits.ForbidExecutableMemory()', 'false', 'Init', 'ConfinementTests.Executable_memory_is_refused_by_the_kernel_too', process),
  condition('sealed answers leave no plaintext', 'src/Init/Handlers/OpenedContext.cs', 'MemoryMarshal.AsMemory(answer.Body).Span', 'Span<byte>.Empty', 'Init', 'KeyMemoryTests.Nothing_that_opens_a_request', process),
  statement('a secret that was agreed is cleared', 'src/Sealing/Hpke/HpkeContext.cs', 'CryptographicOperations.ZeroMemory(onHeap);', 'Init', 'KeyMemoryTests.Nothing_that_opens_a_request', process),
  statement('keys are erased', 'src/Sealing/Hpke/HpkePrivateKey.cs', '_key.Dispose();', 'Init', 'KeyMemoryTests.A_private_key', process),
  condition('an authority is one', chain, '!issuer.Extensions.IsAuthority', 'false', 'Attestation', 'ChainTests.An_authority_without_basic_constraints'),
  condition('an authority may sign certificates', chain, '!issuer.Extensions.MaySignCertificates', 'false', 'Attestation', 'ChainTests.An_authority_that_may_not_sign_certificates'),
  condition('path lengths', chain, 'authoritiesBelow > issuer.Extensions.PathLength', 'false', 'Attestation', 'ChainTests.More_authorities_than_a_path_length_allows'),
  condition('the issuer\'s name', chain, '!certificate.Issuer.Span.SequenceEqual(issuer.Subject.Span)', 'false', 'Attestation', 'ChainTests.A_certificate_that_names_another_issuer'),
  condition('a certificate\'s signature', chain, '!issuer.Key.HasSignedCertificate(certificate.ToBeSigned.Span, certificate.Signature.Span)', 'false', 'Attestation', 'ChainTests.A_certificate_that_the_one_above_has_not_signed'),
  condition('a leaf is no authority', chain, 'Leaf.Extensions.IsAuthority || Leaf.Extensions.MaySignCertificates', 'false', 'Attestation', 'ChainTests.A_leaf_that_is_an_authority'),
  condition('a leaf may sign documents', chain, '!Leaf.Extensions.MaySignData', 'false', 'Attestation', 'ChainTests.A_leaf_that_may_not_sign_documents'),
  condition('critical basic constraints', extensions, 'isAuthority && !isCritical', 'false', 'Attestation', 'ChainTests.An_authority_whose_basic_constraints_are_not_critical'),
  condition('an extension is there once', extensions, '!seen.Add(id)', 'false', 'Attestation', 'ChainTests.An_extension_that_is_there_twice'),
  condition('the root', verification, 'root is null ? $"{carried} is not trusted" : null', 'null', 'Attestation', 'ChainTests.A_root_that_only_looks_like'),
  condition('a document\'s algorithm', verification, '_envelope.Algorithm == CoseSign1.Es384', 'true', 'Attestation', 'EnvelopeTests.Another_algorithm_is_refused'),
  condition('a document\'s signature', verification, 'chain.Leaf.Key.HasSigned(_envelope.ToBeSigned(), _envelope.Signature.Span)', 'true', 'Attestation', 'EnvelopeTests.Another_keys_signature_is_refused'),
  condition('a certificate\'s beginning', verification, '_now < certificate.NotBefore', 'false', 'Attestation', 'ChainTests.A_certificate_that_is_expired_or_not_valid_yet'),
  condition('a certificate\'s end', verification, '_now > certificate.NotAfter', 'false', 'Attestation', 'ChainTests.A_certificate_that_is_expired_or_not_valid_yet'),
  condition('a document from the future', verification, 'age < -_policy.ClockSkew', 'false', 'Attestation', 'PolicyTests.A_document_is_at_most_five_minutes_old'),
  condition('debug mode', verification, '!_payload.Pcrs[0].IsZero', 'true', 'Attestation', 'PolicyTests.Debug_mode_is_refused'),
  condition('an image\'s registers', measurements, 'FirstDifference(image, found) is null', 'true', 'Attestation', 'PolicyTests.An_image_with_one_PCR_of_another'),
  condition('a register alone', measurements, '!allowed.Contains(value)', 'false', 'Attestation', 'PolicyTests.A_PCR_is_accepted_by_one_of_its_values'),
  condition('a document\'s length', 'src/Attestation/Cose/CoseSign1.cs', 'document.Length > AttestationLimits.MaxDocumentBytes', 'false', 'Attestation', 'EnvelopeTests.A_document_longer_than'),
  condition('nothing behind a data item', cbor, 'validator.BytesLeft > 0', 'false', 'Wire', 'CborReaderTests.Anything_but_one_data_item_is_refused'),
  condition('data items in all', cbor, '++_items > WireLimits.MaxCborItems', 'false', 'Wire', 'CborReaderTests.More_items_than_the_limit'),
  condition('data items inside each other', cbor, 'depth < WireLimits.MaxCborDepth', 'true', 'Wire', 'CborReaderTests.Items_inside_each_other'),
  condition('one form of a data item', cbor, '_rules == CborRules.Deterministic && !(token.IsFloat ? CborFloat.IsShortest(token) : token.IsShortest || token.IsBreak)', 'false', 'Wire', 'CborReaderTests.What_has_a_shorter_or_a_sorted_form'),
  condition('one order of a map', cbor, 'previous.SequenceCompareTo(key) >= 0', 'false', 'Wire', 'CborReaderTests.What_has_a_shorter_or_a_sorted_form'),
  condition('a key of a foreign map is there once', cbor, 'other.Checksum == here.Checksum && key.IsSameAs(CborKey.Read(_document[other.Start..]))', 'false', 'Wire', 'CborReaderTests.A_key_that_stands_twice'),
  condition('an image\'s checksum', 'src/Eif/EifReader.cs', 'checksum != fields.Checksum', 'false', 'Eif', 'EifReaderTests.A_changed_byte_is_refused'),
  condition('sections in memory', 'src/Eif/EifReader.cs', 'section.SizeBytes > maxBytes', 'false', 'Eif', 'EifReaderTests.Sections_that_are_held_in_memory'),
  condition('sections follow each other', 'src/Eif/EifReader.Table.cs', 'offset != (ulong)previousEnd', 'false', 'Eif', 'EifReaderTests.A_gap_before_a_section'),
  condition('a section\'s two sizes', 'src/Eif/EifReader.Table.cs', 'ownSize != size', 'false', 'Eif', 'EifReaderTests.Sizes_that_contradict_each_other'),
  condition('values of a prover\'s reply inside each other', messagePack, 'depth == MaxDepth', 'false', 'Prover', 'MessagePackReaderTests.Nesting_up_to_the_limit'),
  condition('a key of a prover\'s reply is there once', messagePack, 'key.SequenceEqual(document.Slice(keys[i].Start, keys[i].Length))', 'false', 'Prover', 'MessagePackReaderTests.A_duplicate_map_key'),
  condition('the reference string\'s digests', referenceString, '!found.AsSpan().SequenceEqual(expected)', 'false', 'Prover', 'CrsFolderTests.Pinned_digests_are_compared'),
  condition('the reference string\'s points', referenceString, 'bad >= 0', 'false', 'Prover', 'CrsFolderTests.A_point_off_the_curve_is_named'),
  condition('the reference string\'s point of G2', referenceString, 'Bn254.IsInG2(point)', 'true', 'Prover', 'CrsFolderTests.A_point_that_is_not_in_G2'),
  condition('all of an image', 'src/Attestation/AttestationPolicy.cs', '(all.Contains(1) && all.Contains(2))', '(all.Contains(1) || all.Contains(2))', 'Attestation', 'PolicyTests.A_policy_names_an_image'),
  condition('debug mode alone', 'src/Client/EnclaveClient.cs', '!onlyDebug || enclave.Report.IsDebug', 'true', 'Init', 'EnclaveClientTests.Debug_mode_that_is_allowed'),
  condition('an attestation has no key to be unknown', 'src/Client/EnclaveClient.Calling.cs', 'isSealed ? AtOnceThenJittered(attempt) : null', 'AtOnceThenJittered(attempt)', 'Init', 'ManInTheMiddleTests.Keys_that_he_says_are_unknown'),
  condition('a later trust', 'src/Client/EnclaveClient.Calling.cs', 'stale with { Enclave = enclave }, stale', ', _trust', 'Init', 'ManInTheMiddleTests.An_attestation_that_he_holds_back', { isArguments: true }),
];

/** A guard's text with a switch around it: gone when INIT_GUARD has its number. */
export function switched({ text, without, isArguments }, number) {
  const isGone = `(System.Environment.GetEnvironmentVariable("INIT_GUARD") == "${number}")`;
  if (without === undefined) return `if (!${isGone}) { ${text} }`;
  if (!isArguments) return `(${isGone} ? (${without}) : (${text}))`;
  const [first, second] = text.split(', ');
  return `${first}, ${isGone} ? ${without.split(', ')[1]} : ${second}`;
}
