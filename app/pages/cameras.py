"""The two live pictures, as Record and Roll out show them."""

DRIVING_KEYS = """
<div class="drive" aria-hidden="true">
  <div class="pad"><kbd data-held="q">Q</kbd><kbd data-held="w">W</kbd><kbd data-held="e">E</kbd>
    <kbd data-held="a">A</kbd><kbd data-held="s">S</kbd><kbd data-held="d">D</kbd></div>
  <div class="pad"><i></i><kbd data-held="ArrowUp">↑</kbd><i></i><kbd data-held="ArrowLeft">←</kbd>
    <kbd data-held="ArrowDown">↓</kbd><kbd data-held="ArrowRight">→</kbd></div>
  <div class="pad one"><kbd data-held="g">G</kbd><span class="grip">gripper</span></div>
</div>"""

FRONT = f"""
<figure class="camera front" data-camera="front">
  <canvas class="picture" role="img" aria-label="Front camera, live" width="640" height="480">
  </canvas><canvas class="over" aria-hidden="true"></canvas>
  <figcaption>front</figcaption>
  <div class="badge" role="status"></div>
  <div class="count" aria-live="assertive"></div>
  <div class="veil"></div>{DRIVING_KEYS}
  <div class="fault" role="alert" hidden><span></span><button></button></div>
  <div class="playback" hidden><button class="quiet icon play" data-key="k"
    aria-label="Play or pause">▶</button>
    <input type="range" min="0" max="0" value="0" aria-label="Frame of the take">
    <output></output></div>
</figure>"""

WRIST = """
<figure class="camera wrist" data-camera="wrist">
  <canvas class="picture" role="img" aria-label="Wrist camera, live" width="256" height="256">
  </canvas><canvas class="over" aria-hidden="true"></canvas>
  <figcaption>wrist</figcaption><div class="veil"></div>
</figure>"""

TRACES = """
<div class="traces">
  <div><span>gripper</span><output class="gripper-now"></output>
    <canvas class="gripper" role="img" aria-label="Gripper width, last 10 s"></canvas></div>
  <div><span>speed</span><output class="speed-now"></output>
    <canvas class="speed" role="img" aria-label="Speed, last 10 s"></canvas></div>
</div>"""

HEALTH = '<div class="health" role="status" aria-label="Health of the station"></div>'
