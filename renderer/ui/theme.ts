import { Checkbox, createTheme, type MantineColorsTuple, Radio } from "@mantine/core";

/** Neutral ink: every control that is not a decision. */
const ink: MantineColorsTuple = [
  "#f4f5f7",
  "#e7e9ed",
  "#d5d9e0",
  "#b4bac5",
  "#8a919e",
  "#6a7280",
  "#525a67",
  "#3b424d",
  "#262b33",
  "#15181d",
];

/** The one accent: it means *waiting for you*. */
const amber: MantineColorsTuple = [
  "#fff6e0",
  "#ffebc2",
  "#ffdb94",
  "#ffca61",
  "#ffbd3d",
  "#ffb224",
  "#e89c0c",
  "#b87700",
  "#8a5800",
  "#5e3b00",
];

/** The dark theme's greys, text first: borders of fields keep 3:1 against what is behind them. */
const dark: MantineColorsTuple = [
  "#e8eaee",
  "#c9ced6",
  "#a5acb8",
  "#8a919e",
  "#6d7583",
  "#2e333b",
  "#101216",
  "#17191e",
  "#101216",
  "#0a0b0d",
];

/** Mantine's look, bent to ours; the rest is in base.css. */
export const theme = createTheme({
  colors: { ink, amber, dark },
  primaryColor: "ink",
  primaryShade: { light: 8, dark: 2 },
  autoContrast: true,
  luminanceThreshold: 0.4,
  fontFamily: "system-ui, sans-serif",
  fontFamilyMonospace: 'ui-monospace, "DejaVu Sans Mono", "Liberation Mono", monospace',
  fontSizes: { xs: "13px", sm: "14px", md: "14px", lg: "16px", xl: "20px" },
  defaultRadius: 6,
  respectReducedMotion: true,
  cursorType: "pointer",
  components: {
    Radio: Radio.extend({ defaultProps: { iconColor: "var(--panel)" } }),
    Checkbox: Checkbox.extend({ defaultProps: { iconColor: "var(--panel)" } }),
  },
});
