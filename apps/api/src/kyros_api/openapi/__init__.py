"""What the API says of itself: the OpenAPI document, made from the routes and held to them."""
