CREATE TABLE "tus_uploads" (
	"upload_id" uuid PRIMARY KEY NOT NULL,
	"metadata" text NOT NULL,
	"received_bytes" bigint DEFAULT 0 NOT NULL,
	"rest_object_id" uuid,
	"writer_token" uuid,
	"writer_until" timestamp (3) with time zone,
	"writer_wanted" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
ALTER TABLE "tus_uploads" ADD CONSTRAINT "tus_uploads_upload_id_uploads_id_fk" FOREIGN KEY ("upload_id") REFERENCES "public"."uploads"("id") ON DELETE cascade ON UPDATE no action;