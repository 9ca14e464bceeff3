CREATE TABLE "cdn_purges" (
	"asset_id" uuid PRIMARY KEY NOT NULL,
	"keys" text[] NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"available_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "shares" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"asset_id" uuid NOT NULL,
	"token_hash" text NOT NULL,
	"variant" text,
	"expires_at" timestamp (3) with time zone,
	"max_downloads" integer,
	"downloads" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "shares_token_hash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "takedowns" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"asset_id" uuid NOT NULL,
	"sha256" text,
	"is_everywhere" boolean DEFAULT false NOT NULL,
	"reason" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "takedowns_asset_id_unique" UNIQUE("asset_id")
);
--> statement-breakpoint
ALTER TABLE "assets" ADD COLUMN "folder" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "assets" ADD COLUMN "taken_down_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "assets" ADD COLUMN "cdn_purged_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "cdn_purges" ADD CONSTRAINT "cdn_purges_asset_id_assets_id_fk" FOREIGN KEY ("asset_id") REFERENCES "public"."assets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shares" ADD CONSTRAINT "shares_asset" FOREIGN KEY ("project_id","asset_id") REFERENCES "public"."assets"("project_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "takedowns" ADD CONSTRAINT "takedowns_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "takedowns" ADD CONSTRAINT "takedowns_asset_id_assets_id_fk" FOREIGN KEY ("asset_id") REFERENCES "public"."assets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "cdn_purges_due" ON "cdn_purges" USING btree ("available_at");--> statement-breakpoint
CREATE INDEX "shares_by_asset" ON "shares" USING btree ("asset_id","id");--> statement-breakpoint
CREATE INDEX "takedowns_by_content" ON "takedowns" USING btree ("sha256") WHERE sha256 IS NOT NULL;--> statement-breakpoint
CREATE INDEX "assets_by_filename" ON "assets" USING btree ("project_id","filename","id");--> statement-breakpoint
CREATE INDEX "assets_by_byte_size" ON "assets" USING btree ("project_id","byte_size","id");--> statement-breakpoint
CREATE INDEX "assets_by_content" ON "assets" USING btree ("project_id","sha256") WHERE sha256 IS NOT NULL AND deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX "assets_by_folder" ON "assets" USING btree ("project_id","folder" text_pattern_ops,"id") WHERE deleted_at IS NULL;--> statement-breakpoint
-- By hand. Every three characters in a row of a name, so that a part of it is found by an index on any Postgres.
CREATE FUNCTION "name_grams"("name" text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(DISTINCT substr(lower($1), "at", 3)), '{}')
  FROM generate_series(1, length(lower($1)) - 2) AS "at"
$$;--> statement-breakpoint
CREATE INDEX "assets_by_name_part" ON "assets" USING gin (name_grams("filename"));
