// The label of the library that trusts the development SRS, whose tau is public: anyone can forge its proofs.
// A test searches production binaries for these bytes.
#include "internal.h"

const char prover_srs_kind[] = "INSECURE development SRS (known tau)";
