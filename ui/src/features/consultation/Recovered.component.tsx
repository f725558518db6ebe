export function RecoveredOffer() {
  return null;
}
