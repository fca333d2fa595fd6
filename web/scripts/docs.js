/** The API's own browser, from our server instead of a foreign one. */

const place = /** @type {HTMLElement} */ (document.getElementById("docs"));
/** @type {any} */ (window).SwaggerUIBundle({
  url: place.dataset.openapi,
  domNode: place,
  deepLinking: true,
  persistAuthorization: false,
});
