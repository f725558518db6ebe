import i18n from "i18next";
import { initReactI18next } from "react-i18next";

import en from "./en";
import ms from "./ms";

/** Languages of the window, by code, in their own names. */
export const languages = { en: "English", ms: "Bahasa Melayu" } as const;
export type Language = keyof typeof languages;

void i18n.use(initReactI18next).init({
  resources: { en: { translation: en }, ms: { translation: ms } },
  lng: "en",
  fallbackLng: "en",
  interpolation: { escapeValue: false },
  returnNull: false,
});

i18n.on("languageChanged", (language) => {
  document.documentElement.lang = language;
  document.documentElement.dir = i18n.dir(language);
});

export default i18n;
