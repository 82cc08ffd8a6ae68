// A server that speaks S3 and checks signatures (npm: @20minutes/s3rver), for tests. Prints when it listens.
import S3rver from "@20minutes/s3rver";

const [folder, port] = process.argv.slice(2);
const server = new S3rver({
  port: Number(port),
  address: "127.0.0.1",
  silent: true,
  directory: folder,
  configureBuckets: [{ name: "plans" }],
});
server.run().then(() => console.log("listening"));
