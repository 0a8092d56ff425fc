"""Staff: who may sign in, what their role allows, and the sessions that the server keeps. No Streamlit, no SQL."""
