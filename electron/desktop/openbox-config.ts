/**
 * The window manager's configuration on an own desktop: one desktop, no shortcuts, no menus on the background, only what
 * the title bar and borders need. Format: openbox 3.4 `rc.xml`.
 */

const BUTTONS = [
  ["Titlebar", "Left", "Drag", "Move"],
  ["Titlebar", "Left", "DoubleClick", "ToggleMaximize"],
  ["Close", "Left", "Click", "Close"],
  ["Iconify", "Left", "Click", "Iconify"],
  ["Maximize", "Left", "Click", "ToggleMaximize"],
] as const;

const BORDERS = "Left Right Top Bottom TLCorner TRCorner BLCorner BRCorner";

/** The text of the configuration file. */
export function openboxConfig(): string {
  const bindings = BUTTONS.map(([context, button, when, action]) => mouse(context, button, when, [action])).join("\n");
  return `<?xml version="1.0" encoding="UTF-8"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <focus><focusNew>yes</focusNew><followMouse>no</followMouse><focusLast>yes</focusLast></focus>
  <placement><policy>Smart</policy><center>yes</center></placement>
  <theme><titleLayout>NLIMC</titleLayout><animateIconify>no</animateIconify></theme>
  <desktops><number>1</number><popupTime>0</popupTime></desktops>
  <resize><drawContents>yes</drawContents><popupShow>Never</popupShow></resize>
  <keyboard></keyboard>
  <mouse>
    <dragThreshold>3</dragThreshold>
    <doubleClickTime>400</doubleClickTime>
${mouse("Client", "Left", "Press", ["Focus", "Raise"])}
${mouse("Client", "Middle", "Press", ["Focus", "Raise"])}
${mouse("Client", "Right", "Press", ["Focus", "Raise"])}
${mouse("Titlebar Close Iconify Maximize", "Left", "Press", ["Focus", "Raise"])}
${mouse(BORDERS, "Left", "Press", ["Focus", "Raise"])}
${mouse(BORDERS, "Left", "Drag", ["Resize"])}
${bindings}
  </mouse>
  <applications></applications>
</openbox_config>
`;
}

function mouse(context: string, button: string, when: string, actions: readonly string[]): string {
  const does = actions.map((name) => `<action name="${name}"/>`).join("");
  return `    <context name="${context}"><mousebind button="${button}" action="${when}">${does}</mousebind></context>`;
}
