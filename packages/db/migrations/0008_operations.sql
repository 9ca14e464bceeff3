CREATE TABLE "minute_samples" (
	"minute" timestamp (3) with time zone PRIMARY KEY NOT NULL,
	"queued" integer NOT NULL,
	"running" integer NOT NULL,
	"oldest_waiting_sec" double precision NOT NULL,
	"database_ms" double precision NOT NULL,
	"store_ms" double precision,
	"bytes" bigint NOT NULL,
	"objects" bigint NOT NULL,
	"workers" integer NOT NULL,
	"load" double precision,
	"memory" double precision
);
--> statement-breakpoint
CREATE TABLE "orphan_reports" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"finished_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"counts" jsonb NOT NULL,
	"examples" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "preset_previews" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"asset_id" uuid NOT NULL,
	"definition" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"taken_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	"body" text,
	"content_type" text,
	"width" integer,
	"height" integer,
	"error" jsonb
);
--> statement-breakpoint
CREATE TABLE "usage_days" (
	"project_id" uuid NOT NULL,
	"day" date NOT NULL,
	"bytes" bigint NOT NULL,
	"objects" bigint NOT NULL,
	CONSTRAINT "usage_days_pkey" PRIMARY KEY("project_id","day")
);
--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "load" jsonb;--> statement-breakpoint
CREATE INDEX "usage_days_by_day" ON "usage_days" USING btree ("day");--> statement-breakpoint
-- By hand: a preview that a crash forgets is asked for again.
ALTER TABLE "preset_previews" SET UNLOGGED;
