# bash completion for enclave(1). Made by `enclave completion bash`; a test fails when it is stale.
_enclave() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command=enclave i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$command ${COMP_WORDS[i]}" in
      'enclave attest'|'enclave health'|'enclave verify-attestation'|'enclave prove'|'enclave verify'|'enclave vk'|'enclave bench'|'enclave shutdown'|'enclave run'|'enclave image'|'enclave image build'|'enclave image describe'|'enclave image diff'|'enclave image measure'|'enclave image sign'|'enclave image verify'|'enclave nsm'|'enclave local'|'enclave local prove'|'enclave local verify'|'enclave local vk'|'enclave local gates'|'enclave completion'|'enclave man')
        command+=" ${COMP_WORDS[i]}" ;;
    esac
  done
  case "$command $previous" in
    'enclave attest --address'|'enclave attest -a'|'enclave attest --pcr0'|'enclave attest --pcr1'|'enclave attest --pcr2'|'enclave attest --pcr3'|'enclave attest --pcr4'|'enclave attest --pcr8'|'enclave attest --pcr16'|'enclave attest --max-age'|'enclave health --address'|'enclave health -a'|'enclave verify-attestation --at'|'enclave verify-attestation --nonce'|'enclave verify-attestation --pcr0'|'enclave verify-attestation --pcr1'|'enclave verify-attestation --pcr2'|'enclave verify-attestation --pcr3'|'enclave verify-attestation --pcr4'|'enclave verify-attestation --pcr8'|'enclave verify-attestation --pcr16'|'enclave verify-attestation --max-age'|'enclave prove --address'|'enclave prove -a'|'enclave prove --deadline-ms'|'enclave prove --pcr0'|'enclave prove --pcr1'|'enclave prove --pcr2'|'enclave prove --pcr3'|'enclave prove --pcr4'|'enclave prove --pcr8'|'enclave prove --pcr16'|'enclave prove --max-age'|'enclave verify --address'|'enclave verify -a'|'enclave verify --deadline-ms'|'enclave verify --pcr0'|'enclave verify --pcr1'|'enclave verify --pcr2'|'enclave verify --pcr3'|'enclave verify --pcr4'|'enclave verify --pcr8'|'enclave verify --pcr16'|'enclave verify --max-age'|'enclave vk --address'|'enclave vk -a'|'enclave vk --deadline-ms'|'enclave vk --pcr0'|'enclave vk --pcr1'|'enclave vk --pcr2'|'enclave vk --pcr3'|'enclave vk --pcr4'|'enclave vk --pcr8'|'enclave vk --pcr16'|'enclave vk --max-age'|'enclave bench --address'|'enclave bench -a'|'enclave bench --duration'|'enclave bench --connections'|'enclave bench -c'|'enclave bench --rate'|'enclave bench --mix'|'enclave bench -x'|'enclave bench --timeout'|'enclave bench --pcr0'|'enclave bench --pcr1'|'enclave bench --pcr2'|'enclave bench --pcr3'|'enclave bench --pcr4'|'enclave bench --pcr8'|'enclave bench --pcr16'|'enclave bench --max-age'|'enclave shutdown --address'|'enclave shutdown -a'|'enclave run --memory'|'enclave run -m'|'enclave run --cpus'|'enclave run --append'|'enclave image build --cmdline'|'enclave image build --file'|'enclave image build --name'|'enclave image build --image-version'|'enclave local prove --threads'|'enclave local prove --memory-limit-mib'|'enclave local prove --deadline'|'enclave local verify --threads'|'enclave local verify --memory-limit-mib'|'enclave local verify --deadline'|'enclave local vk --threads'|'enclave local vk --memory-limit-mib'|'enclave local vk --deadline'|'enclave local gates --threads'|'enclave local gates --memory-limit-mib'|'enclave local gates --deadline')
      :
      return ;;
    'enclave attest --output'|'enclave attest -o'|'enclave attest --pcrs'|'enclave attest --root'|'enclave verify-attestation --pcrs'|'enclave verify-attestation --root'|'enclave prove --bytecode'|'enclave prove -b'|'enclave prove --witness'|'enclave prove -w'|'enclave prove --pcrs'|'enclave prove --root'|'enclave verify --key'|'enclave verify -k'|'enclave verify --proof'|'enclave verify -p'|'enclave verify --public-inputs'|'enclave verify -i'|'enclave verify --pcrs'|'enclave verify --root'|'enclave vk --bytecode'|'enclave vk -b'|'enclave vk --pcrs'|'enclave vk --root'|'enclave bench --bytecode'|'enclave bench -b'|'enclave bench --witness'|'enclave bench -w'|'enclave bench --key'|'enclave bench -k'|'enclave bench --proof'|'enclave bench -p'|'enclave bench --public-inputs'|'enclave bench -i'|'enclave bench --pcrs'|'enclave bench --root'|'enclave bench --html'|'enclave run --socket'|'enclave run -s'|'enclave run --nsm-root'|'enclave image build --kernel'|'enclave image build --init'|'enclave image build --output'|'enclave image build -o'|'enclave image build --pcrs'|'enclave image build --components'|'enclave image build --manifest'|'enclave image build --sbom'|'enclave image build --signing-key'|'enclave image build --signing-certificate'|'enclave image sign --signing-key'|'enclave image sign --signing-certificate'|'enclave image sign --output'|'enclave image sign -o'|'enclave image sign --pcrs'|'enclave image verify --pcrs'|'enclave nsm --nsm-root'|'enclave nsm --pcrs'|'enclave local prove --bytecode'|'enclave local prove -b'|'enclave local prove --witness'|'enclave local prove -w'|'enclave local prove --key'|'enclave local prove -k'|'enclave local verify --key'|'enclave local verify -k'|'enclave local verify --proof'|'enclave local verify -p'|'enclave local verify --public-inputs'|'enclave local verify -i'|'enclave local vk --bytecode'|'enclave local vk -b'|'enclave local gates --bytecode'|'enclave local gates -b')
      mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null
      return ;;
    'enclave prove --output'|'enclave prove -o'|'enclave vk --output'|'enclave vk -o'|'enclave image build --crs'|'enclave local prove --output'|'enclave local prove -o'|'enclave local prove --crs'|'enclave local verify --crs'|'enclave local vk --output'|'enclave local vk -o'|'enclave local vk --crs'|'enclave local gates --crs')
      mapfile -t COMPREPLY < <(compgen -d -- "$current"); compopt -o filenames 2>/dev/null
      return ;;
    'enclave prove --oracle-hash'|'enclave verify --oracle-hash'|'enclave vk --oracle-hash'|'enclave bench --oracle-hash'|'enclave local prove --oracle-hash'|'enclave local verify --oracle-hash'|'enclave local vk --oracle-hash'|'enclave local gates --oracle-hash')
      mapfile -t COMPREPLY < <(compgen -W 'keccak poseidon2 starknet' -- "$current")
      return ;;
    'enclave run --nsm')
      mapfile -t COMPREPLY < <(compgen -W 'qemu software' -- "$current")
      return ;;
    'enclave image build --ramdisk')
      mapfile -t COMPREPLY < <(compgen -W 'auto gzip lz4' -- "$current")
      return ;;
  esac
  case "$command" in
    'enclave')
      if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--version --help -h --verbose -v' -- "$current")
      else
        mapfile -t COMPREPLY < <(compgen -W 'attest health verify-attestation prove verify vk bench shutdown run image nsm local completion man' -- "$current")
      fi ;;
    'enclave attest')
      if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--address -a --output -o --pcr0 --pcr1 --pcr2 --pcr3 --pcr4 --pcr8 --pcr16 --pcrs --max-age --root --allow-debug --simulator --json --help -h --verbose -v' -- "$current")
      fi ;;
    'enclave health')
      if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--address -a --json --help -h --verbose -v' -- "$current")
      fi ;;
    'enclave verify-attestation')
      if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--at --nonce --pcr0 --pcr1 --pcr2 --pcr3 --pcr4 --pcr8 --pcr16 --pcrs --max-age --root --allow-debug --simulator --json --help -h --verbose -v' -- "$current")
      else
        mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null
      fi ;;
    'enclave prove')
      if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--address -a --bytecode -b --witness -w --output -o --oracle-hash --disable-zk --deadline-ms --pcr0 --pcr1 --pcr2 --pcr3 --pcr4 --pcr8 --pcr16 --pcrs --max-age --root --allow-debug --simulator --insecure --json --help -h --verbose -v' -- "$current")
      fi ;;
    'enclave verify')
      if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--address -a --key -k --proof -p --public-inputs -i --oracle-hash --disable-zk --deadline-ms --pcr0 --pcr1 --pcr2 --pcr3 --pcr4 --pcr8 --pcr16 --pcrs --max-age --root --allow-debug --simulator --insecure --json --help -h --verbose -v' -- "$current")
      fi ;;
    'enclave vk')
      if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--address -a --bytecode -b --output -o --oracle-hash --disable-zk --deadline-ms --pcr0 --pcr1 --pcr2 --pcr3 --pcr4 --pcr8 --pcr16 --pcrs --max-age --root --allow-debug --simulator --insecure --json --help -h --verbose -v' -- "$current")
      fi ;;
    'enclave bench')
      if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--address -a --duration --connections -c --rate --mix -x --timeout --bytecode -b --witness -w --key -k --proof -p --public-inputs -i --oracle-hash --disable-zk --pcr0 --pcr1 --pcr2 --pcr3 --pcr4 --pcr8 --pcr16 --pcrs --max-age --root --allow-debug --simulator --insecure --html --json --help -h --verbose -v' -- "$current")
      fi ;;
    'enclave shutdown')
      if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--address -a --json --help -h --verbose -v' -- "$current")
      fi ;;
    'enclave run')
      if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--memory -m --cpus --socket -s --blocked-console --nsm --nsm-root --append --json --help -h --verbose -v' -- "$current")
      else
        mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null
      fi ;;
    'enclave image')
      if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--help -h --verbose -v' -- "$current")
      else
        mapfile -t COMPREPLY < <(compgen -W 'build describe diff measure sign verify' -- "$current")
      fi ;;
    'enclave image build')
      if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--kernel --init --crs --cmdline --file --ramdisk --compress-crs --unpinned-crs --name --image-version --output -o --pcrs --components --manifest --sbom --json --signing-key --signing-certificate --help -h --verbose -v' -- "$current")
      fi ;;
    'enclave image describe')
      if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--json --help -h --verbose -v' -- "$current")
      else
        mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null
      fi ;;
    'enclave image diff')
      if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--json --help -h --verbose -v' -- "$current")
      else
        mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null
      fi ;;
    'enclave image measure')
      if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--json --help -h --verbose -v' -- "$current")
      else
        mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null
      fi ;;
    'enclave image sign')
      if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--signing-key --signing-certificate --replace --output -o --pcrs --json --help -h --verbose -v' -- "$current")
      else
        mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null
      fi ;;
    'enclave image verify')
      if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--pcrs --json --help -h --verbose -v' -- "$current")
      else
        mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null
      fi ;;
    'enclave nsm')
      if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--nsm-root --pcrs --json --help -h --verbose -v' -- "$current")
      else
        mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null
      fi ;;
    'enclave local')
      if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--help -h --verbose -v' -- "$current")
      else
        mapfile -t COMPREPLY < <(compgen -W 'prove verify vk gates' -- "$current")
      fi ;;
    'enclave local prove')
      if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--bytecode -b --witness -w --output -o --key -k --skip-verification --crs --threads --memory-limit-mib --deadline --oracle-hash --disable-zk --json --help -h --verbose -v' -- "$current")
      fi ;;
    'enclave local verify')
      if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--key -k --proof -p --public-inputs -i --crs --threads --memory-limit-mib --deadline --oracle-hash --disable-zk --json --help -h --verbose -v' -- "$current")
      fi ;;
    'enclave local vk')
      if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--bytecode -b --output -o --crs --threads --memory-limit-mib --deadline --oracle-hash --disable-zk --json --help -h --verbose -v' -- "$current")
      fi ;;
    'enclave local gates')
      if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--bytecode -b --crs --threads --memory-limit-mib --deadline --oracle-hash --disable-zk --json --help -h --verbose -v' -- "$current")
      fi ;;
    'enclave completion')
      if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--help -h --verbose -v' -- "$current")
      else
        mapfile -t COMPREPLY < <(compgen -W 'bash zsh fish' -- "$current")
      fi ;;
    'enclave man')
      if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--help -h --verbose -v' -- "$current")
      fi ;;
  esac
}
complete -F _enclave enclave
