// How the module passes a modulus to what was written for both of BN254's fields: its limbs of 29 bits, -1 / p mod 2^29, and sums of them.
#ifndef PROVER_PIECES_H
#define PROVER_PIECES_H

#define PROVER_BASE_PIECES                                                                                             \
  448452, 193702671, 23471826, 249042402, 361093496, 418055519, 47522512, 485577443, 477274959, 225173058, 410844487,  \
    17064118, 75916169, 393779871, 100647900
#define PROVER_SCALAR_PIECES                                                                                           \
  1585703, 117288651, 301419116, 281460511, 361091715, 132622464, 131109107, 509769206, 240919632, 257786165,          \
    268435457, 521120927, 268435455, 418403169, 19640830

#endif
