ALTER TABLE "assets" ADD COLUMN "warnings" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "fail_on" text[] DEFAULT '{}' NOT NULL;