/** Seconds as a person reads them: `4:10`, `1:04:10`. */
export function minutes(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (part: number) => String(part).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const rest = `${Math.floor((whole % 3600) / 60)}`;
  return hours > 0 ? `${hours}:${two(Number(rest))}:${two(whole % 60)}` : `${rest}:${two(whole % 60)}`;
}
