import { useTranslation } from "react-i18next";

import type { ObservationView } from "./chart.resource";
import { dateInWords } from "./dates";
import classes from "./Patients.module.css";

const WIDTH = 96;
const HEIGHT = 26;
const EDGE = 3;
const MOST_POINTS = 24;

/** The trend of one measurement, oldest at the start; told in words to those who do not see it. Nothing below two readings. */
export function Sparkline({ name, readings }: { name: string; readings: ObservationView[] }) {
  const { t } = useTranslation();
  const points = readings
    .filter((reading): reading is ObservationView & { number: number; effective: string } => reading.number !== null && reading.effective !== null)
    .sort((a, b) => a.effective.localeCompare(b.effective))
    .slice(-MOST_POINTS);
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last || points.length < 2) return null;
  const numbers = points.map((point) => point.number);
  const low = Math.min(...numbers);
  const high = Math.max(...numbers);
  const at = (number: number, place: number) => ({
    x: EDGE + (place / (points.length - 1)) * (WIDTH - 2 * EDGE),
    y: high === low ? HEIGHT / 2 : HEIGHT - EDGE - ((number - low) / (high - low)) * (HEIGHT - 2 * EDGE),
  });
  const line = numbers.map((number, place) => at(number, place));
  const end = line.at(-1);
  const words = t("vitals.trend", {
    name, count: points.length, from: dateInWords(first.effective), to: dateInWords(last.effective), low, high, last: last.value, unit: last.unit,
  });
  return (
    <svg className={classes.spark} width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words}>
      <title>{words}</title>
      <polyline points={line.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ")} fill="none" stroke="currentColor" strokeWidth={1.5} strokeLinejoin="round" />
      {end && <circle cx={end.x} cy={end.y} r={2.5} fill="currentColor" />}
    </svg>
  );
}
