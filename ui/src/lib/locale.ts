import i18n from "../i18n";

/** How dates and times are written. Day before month in English too: this is no American clinic's form. */
export const locale = () => (i18n.language === "en" ? "en-GB" : i18n.language);
