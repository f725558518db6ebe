import { useEffect, useState } from "react";

import { dropForm, loadForm, saveForm } from "../lib/forms.resource";
import { type Panel, type Route, useNavigation } from "./route";

/** Where a person was, sealed as their forms are: a lock or a crash brings them back to their work, on the same day. */
type Place = { day: string; route: Route; panel: Panel | null };

const KEY = "place";
const today = () => new Date().toDateString();

/** The place to start at; undefined while it is looked up. */
export function useSavedPlace(landing: Route): { route: Route; panel: Panel | null } | undefined {
  const [place, setPlace] = useState<{ route: Route; panel: Panel | null }>();
  useEffect(() => {
    let gone = false;
    loadForm(KEY).then(
      (content) => {
        if (gone) return;
        const saved = content === null ? null : (JSON.parse(content) as Place);
        setPlace(saved?.day === today() ? { route: saved.route, panel: saved.panel } : { route: landing, panel: null });
      },
      () => !gone && setPlace({ route: landing, panel: null }),
    );
    return () => {
      gone = true;
    };
    // Only once: a person lands when the frame opens.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return place;
}

/** Saves the place on every step, so that it is there whenever the desk locks. */
export function KeepPlace() {
  const { route, panel } = useNavigation();
  useEffect(() => {
    const place: Place = { day: today(), route, panel };
    // Not worth a word: without it the person lands where the day begins.
    saveForm(KEY, JSON.stringify(place)).catch(() => dropForm(KEY).catch(() => undefined));
  }, [route, panel]);
  return null;
}
