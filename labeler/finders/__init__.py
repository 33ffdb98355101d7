"""What finds objects in a picture by what they are called."""
