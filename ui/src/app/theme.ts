import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** The one accent: a quiet teal that keeps 4.5:1 on white from shade 7 and on dark from shade 3. */
const bag: MantineColorsTuple = [
  "#eaf6f6", "#d5ebeb", "#a9d7d7", "#79c2c2", "#52b0b0", "#38a4a5", "#279e9f", "#0f7b7d", "#0a6c6e", "#005a5c",
];

/** Calm, 15 px and more, tabular figures; colour otherwise only for meaning. */
export const theme = createTheme({
  colors: { bag },
  primaryColor: "bag",
  primaryShade: { light: 7, dark: 7 },
  autoContrast: true,
  defaultRadius: "sm",
  cursorType: "pointer",
  fontFamily:
    'system-ui, "Segoe UI", "Helvetica Neue", "Noto Sans", "DejaVu Sans", "Noto Sans CJK SC", "Noto Sans Tamil", "Noto Sans Arabic", "Noto Sans Devanagari", sans-serif',
  fontSizes: { xs: "0.875rem", sm: "0.9375rem", md: "1rem", lg: "1.125rem", xl: "1.25rem" },
  components: {
    Tooltip: { defaultProps: { openDelay: 400, events: { hover: true, focus: true, touch: false } } },
  },
});
