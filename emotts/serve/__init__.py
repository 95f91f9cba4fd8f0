"""An HTTP server for programs, in the shape of OpenAI's speech endpoint."""
