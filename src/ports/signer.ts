/** Ed25519 with the installation's key, which lives outside the database. */
export interface Signer {
  /** The 32 bytes of the public key. */
  readonly publicKey: Uint8Array;
  /** The 64 bytes of the signature of `message`. */
  sign(message: Uint8Array): Uint8Array;
}

/** Whether `signature` is an Ed25519 signature of `message` under `publicKey`. Never throws. */
export type VerifySignature = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean;
