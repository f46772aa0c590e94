# Sourced by scripts that prove, from the checkout's root. Sets crs to the reference string's folder, variant to the folder of the binaries
# that trust it, and bb to the native bb that does: the ceremony's points (CRS_FOLDER, or the shared vectors) where they are at hand, else
# the insecure development SRS, which the output then says.
crs="${CRS_FOLDER:-${INIT_VECTORS:-../shared/vectors}/crs}"
variant=bin
bb="$(node native/prover/build.mjs --print-bb)"
if [ ! -f "$crs/bn254_g1.dat" ]; then
  echo "no ceremony points at $crs: using the INSECURE development SRS"
  crs=out/test/dev-srs
  variant=test/bin-dev-srs
  bb=out/test/bb-dev-srs
fi
