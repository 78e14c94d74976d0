/** Return-code keys, sealing, wraps, certificates and receipts: the same code in the browser and in Node. */
export { isRecipient, newAgeIdentity, recipientOf } from "./age-identity.ts";
export { readBase32 } from "./base32.ts";
export { type CaseKey, newCaseKey, unwrapCaseKey, wrapCaseKey } from "./case-key.ts";
export { type Certified, certify, keyFingerprint, readCertificate } from "./certificate.ts";
export { type Binding, type CaseDocument, type ReadDocument, readDocument, writeAsStaff } from "./document.ts";
export { signBytes, verifyBytes } from "./ed25519.ts";
export { type Challenge, isSolved, solve } from "./effort.ts";
export { decryptText, encryptText, newFileKey, unwrapFileKey, wrapFileKey } from "./file-key.ts";
export { type PolicyText, readPolicy, signPolicy } from "./policy.ts";
export { type Receipt, readReceipt, readReceiptText, receiptCommitment, showReceipt, signReceipt } from "./receipt.ts";
export { newRecoveryKey, type RecoveryKey, readRootSecret, recoverIdentity, showRootSecret } from "./recovery.ts";
export {
  keysOfReturnCode,
  newReturnCode,
  type ReturnCode,
  type ReturnKeys,
  readReturnCode,
  showReturnCode,
} from "./return-code.ts";
export { openSealed, paddedLength, reseal, SealRefusal, seal } from "./seal.ts";
export {
  newSigningKey,
  publicKeyOf,
  readSigned,
  type Signed,
  type SignedUse,
  type SigningKey,
  sign,
} from "./signed.ts";
export {
  newPassphrase,
  newStaffKey,
  type Passphrase,
  PRF_INPUT,
  passphraseToken,
  publicStaffKey,
  readPassphrase,
  type StaffKey,
  type StaffPublicKey,
  showPassphrase,
  unwrapWithPasskey,
  unwrapWithPassphrase,
  wrapWithPasskey,
  wrapWithPassphrase,
} from "./staff-key.ts";
