CREATE TABLE "archives" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"token_hash" text NOT NULL,
	"name" text NOT NULL,
	"asset_ids" uuid[] NOT NULL,
	"variant" text,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "archives_token_hash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
ALTER TABLE "assets" ADD COLUMN "delete_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "archives" ADD CONSTRAINT "archives_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "archives_to_forget" ON "archives" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "archives_by_project" ON "archives" USING btree ("project_id");--> statement-breakpoint
CREATE INDEX "assets_to_delete" ON "assets" USING btree ("delete_at") WHERE delete_at IS NOT NULL AND deleted_at IS NULL;