import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

/** The one accent: a quiet teal that keeps 4.5:1 on white from shade 7 and on dark from shade 3. */
const bag: MantineColorsTuple = [
  "#eaf6f6", "#d5ebeb", "#a9d7d7", "#79c2c2", "#52b0b0", "#38a4a5", "#279e9f", "#0f7b7d", "#0a6c6e", "#005a5c",
];

/** Nothing moves without cause: what opens is there at once, and takes the first key. */
const still = { transitionProps: { duration: 0 } };
/** The head of a dialog is no landmark of the page: there is one banner, the frame's. */
const dialog = { defaultProps: { ...still, attributes: { header: { role: "presentation" } } }, styles: { title: { fontSize: "var(--mantine-font-size-xl)", fontWeight: 600 } } };

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
    Badge: { styles: { root: { textTransform: "none" }, label: { fontSize: "var(--mantine-font-size-sm)", fontWeight: 600 } } },
    Drawer: dialog,
    InputWrapper: { styles: { description: { fontSize: "var(--mantine-font-size-sm)" }, error: { fontSize: "var(--mantine-font-size-sm)" } } },
    Menu: { defaultProps: still },
    Modal: dialog,
    Popover: { defaultProps: still },
    Tooltip: { defaultProps: { openDelay: 400, events: { hover: true, focus: true, touch: false } } },
  },
});

/** The stock greys and tints are too faint to read in a bright room: text keeps 4.5:1 on what it stands on, meaning stays quiet. */
export const readable: CSSVariablesResolver = () => ({
  variables: { "--input-description-size": "var(--mantine-font-size-sm)", "--input-error-size": "var(--mantine-font-size-sm)" },
  light: {
    "--mantine-color-dimmed": "var(--mantine-color-gray-7)",
    "--mantine-color-placeholder": "#6b737b",
    "--mantine-color-error": "#c92a2a",
    ...meaning("red", "#fdecec", "#b02525"),
    ...meaning("yellow", "#fff6d9", "#7a4f00"),
    ...meaning("green", "#e8f6ea", "#1f6b31"),
    ...meaning("bag", "#eaf6f6", "#005a5c"),
  },
  dark: {
    "--mantine-color-dimmed": "#b0b0b0",
    "--mantine-color-placeholder": "#9a9a9a",
    "--mantine-color-error": "#ff9a9a",
    ...meaning("red", "#3d2222", "#ffa8a8"),
    ...meaning("yellow", "#3a3018", "#ffd66b"),
    ...meaning("green", "#1d3323", "#8ce09a"),
    ...meaning("bag", "#14393a", "#9fdede"),
  },
});

function meaning(name: string, ground: string, text: string): Record<string, string> {
  return {
    [`--mantine-color-${name}-light`]: ground,
    [`--mantine-color-${name}-light-hover`]: ground,
    [`--mantine-color-${name}-light-color`]: text,
    [`--mantine-color-${name}-text`]: text,
  };
}
