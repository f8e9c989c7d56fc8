export { signIn as POST, toTheForm as GET } from "@/lib/server/sign-in/sign-in";
