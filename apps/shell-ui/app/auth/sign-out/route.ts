export { signOut as POST } from "@/lib/server/sign-in";
