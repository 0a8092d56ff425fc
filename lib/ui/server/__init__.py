"""What serves the pages and guards the way to them: routes, headers, limits on HTTP and on the websocket."""
