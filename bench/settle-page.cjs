// A page to wait for: a click anywhere makes its panel change colour, after `delay` ms, within `fade` ms; beside it something
// that never stops, or nothing. The last argument is JSON: {delay, fade, beside}.
const { app, BrowserWindow } = require("electron");

const { delay, fade, beside } = JSON.parse(process.argv.at(-1));
const BESIDE = {
  nothing: "",
  caret: "<input autofocus value='Name'>",
  spinner: "<div id=spinner></div>",
  clock: "<p id=clock></p>",
  stopwatch: "<p id=stopwatch></p>",
  film: "<canvas id=film width=480 height=320></canvas>",
};
const PAGE = `<!doctype html><meta charset="utf-8"><title>Page</title><style>
  body { margin: 0; font: 16px sans-serif; background: #ddd }
  #panel { position: fixed; inset: 300px 100px 100px 100px; background: rgb(0, 0, 160); transition: background ${fade}ms linear }
  #panel.on { background: rgb(160, 0, 0) }
  #spinner { width: 40px; height: 40px; margin: 20px; border: 6px solid #999; border-top-color: #333; border-radius: 50%; animation: turn 1s linear infinite }
  @keyframes turn { to { transform: rotate(360deg) } }
</style><div id=panel></div>${BESIDE[beside]}<script>
  addEventListener("mousedown", (event) => {
    event.preventDefault();
    setTimeout(() => document.getElementById("panel").classList.toggle("on"), ${delay});
  });
  const clock = document.getElementById("clock");
  if (clock) setInterval(() => { clock.textContent = new Date().toLocaleTimeString() }, 1000);
  const stopwatch = document.getElementById("stopwatch");
  if (stopwatch) setInterval(() => { stopwatch.textContent = (performance.now() / 1000).toFixed(2) }, 30);
  const film = document.getElementById("film");
  if (film) setInterval(() => {
    const paint = film.getContext("2d");
    for (let i = 0; i < 60; i += 1) {
      paint.fillStyle = "hsl(" + Math.random() * 360 + " 60% 50%)";
      paint.fillRect(Math.random() * 440, Math.random() * 280, 80, 80);
    }
  }, 40);
</script>`;

app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 900, height: 700, x: 0, y: 0 });
  return window.loadURL(`data:text/html;charset=utf-8,${encodeURIComponent(PAGE)}`);
});
