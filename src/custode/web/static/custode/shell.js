// The scripts that every screen needs, each in its own file.
import "./asking.js";
import "./atonce.js";
import "./back.js";
import "./choices.js";
import "./copy.js";
import "./dialogs.js";
import "./keys.js";
import "./lists.js";
import "./menus.js";
import "./passkey.js";
import "./proof.js";
import "./refused.js";
import "./tabs.js";
import "./toasts.js";
