"""The five tabs: Gradio gives the frame, our own modules in ``static/`` bring it to life."""
