// The least an Electron app can be: one window that shows the address in the last argument.
const { app, BrowserWindow } = require("electron");

app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    autoHideMenuBar: true,
    webPreferences: { sandbox: true },
  });
  window.loadURL(process.argv.at(-1));
});
app.on("window-all-closed", () => app.quit());
