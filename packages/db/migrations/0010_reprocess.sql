ALTER TABLE "jobs" ADD COLUMN "only_variants" text[];--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "delivery_revision" integer DEFAULT 0 NOT NULL;