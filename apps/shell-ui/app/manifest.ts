import type { MetadataRoute } from "next";

/** What a telephone shows when somebody keeps Kyros on its home screen. */
export default function manifest(): MetadataRoute.Manifest {
  return {
    name: "Kyros",
    short_name: "Kyros",
    description: "Your organisation's dashboards.",
    start_url: "/tenants",
    display: "standalone",
    background_color: "#f6f8f8",
    theme_color: "#0f6b66",
    icons: [
      { src: "/icon.svg", sizes: "any", type: "image/svg+xml" },
      { src: "/apple-icon.png", sizes: "180x180", type: "image/png" },
    ],
  };
}
