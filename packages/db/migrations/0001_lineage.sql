CREATE TABLE "lineage_cursors" (
	"project_id" uuid PRIMARY KEY NOT NULL,
	"xid" "xid8" NOT NULL,
	"id" bigint NOT NULL
);
