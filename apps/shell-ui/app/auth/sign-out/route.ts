export { signOut as POST, toTheForm as GET } from "@/lib/server/sign-in/sign-in";
