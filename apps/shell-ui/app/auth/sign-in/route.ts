export { signIn as POST } from "@/lib/server/sign-in";
