"""A GTK window with a slider, for soak/mouse.proof.ts: its value, its knob and its track go to a file as JSON."""
import json
import os
import sys

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import GLib, Gtk  # noqa: E402

FILE = sys.argv[1]
window = Gtk.Window(title="slider", default_width=700, default_height=200)
scale = Gtk.Scale.new_with_range(Gtk.Orientation.HORIZONTAL, 0, 100, 1)
scale.set_draw_value(False)


def tell():
    """Writes all px as px of the display."""
    _, left, top = scale.get_window().get_origin()
    track = scale.get_range_rect()
    start, end = scale.get_slider_range()
    half = (end - start) / 2
    report = {
        "value": scale.get_value(),
        "knob": left + start + half,
        "y": top + track.y + track.height / 2,
        "from": left + track.x + half,
        "to": left + track.x + track.width - half,
    }
    with open(FILE + ".new", "w", encoding="utf8") as file:
        json.dump(report, file)
    os.replace(FILE + ".new", FILE)
    return GLib.SOURCE_REMOVE


def later(*_):
    """The knob is drawn at its new place first."""
    GLib.timeout_add(50, tell)


scale.connect("value-changed", later)
window.connect("configure-event", later)
window.connect("destroy", Gtk.main_quit)
window.add(scale)
window.show_all()
Gtk.main()
