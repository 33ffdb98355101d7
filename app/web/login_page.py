"""The one page that is served before a password was given."""

from html import escape

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>teachloop</title>
<meta name="viewport" content="width=device-width">
<style>
  :root {{ color-scheme: light dark; --bg: #f4f5f7; --panel: #fff; --text: #171a1f;
    --line: #d5d9e0; --accent: #2456c8; --bad: #b3261e; }}
  @media (prefers-color-scheme: dark) {{ :root {{ --bg: #0f1216; --panel: #171b21;
    --text: #e8ebef; --line: #2e343d; --accent: #7ba6ff; --bad: #ff8a80; }} }}
  body {{ margin: 0; min-height: 100vh; display: grid; place-items: center;
    background: var(--bg); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }}
  form {{ width: 300px; padding: 28px; display: grid; gap: 12px; background: var(--panel);
    border: 1px solid var(--line); border-radius: 12px; }}
  h1 {{ margin: 0 0 4px; font-size: 20px; }}
  input, button {{ font: inherit; padding: 9px 12px; border-radius: 8px; }}
  input {{ border: 1px solid var(--line); background: var(--bg); color: inherit; }}
  button {{ border: 0; background: var(--accent); color: var(--panel); font-weight: 600; }}
  p {{ margin: 0; color: var(--bad); min-height: 1.5em; }}
</style></head>
<body><form method="post" action="/login"><h1>teachloop</h1>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password"
  required autofocus>
<button>Log in</button><p role="alert">{message}</p></form></body></html>"""


def login_page(message: str = "") -> str:
    """The page, with what went wrong the last time."""
    return PAGE.format(message=escape(message))
